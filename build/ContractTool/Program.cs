using LalalAi.ContractTool.Commands;
using LalalAi.ContractTool.Documents;
using Spectre.Console.Cli;

var app = new CommandApp();
app.Configure(configuration =>
{
    configuration.SetApplicationName("ContractTool");
    configuration.PropagateExceptions();
    configuration.AddCommand<LowerCommand>("lower").WithDescription("Turns the contract into the OpenAPI 3.0 document that NSwag reads.");
});

try
{
    return app.Run(args);
}
catch (ContractException exception)
{
    Console.Error.WriteLine(exception.ToCanonicalMessage("ContractTool"));
    return 3;
}
catch (CommandAppException exception)
{
    Console.Error.WriteLine($"ContractTool : error LC0000: {exception.Message} Run it with --help.");
    return 3;
}
