return LalalAi.ContractTool.ContractToolApp.Run(args, Console.Out, Console.Error);
