using LalalAi;
using LalalAi.AI;
using LalalAi.Sandbox;
using Microsoft.Extensions.AI;

await using var sandbox = await SandboxServer.StartAsync();
await using var lalal = new LalalAiClient(new LalalAiClientOptions { BaseAddress = sandbox.BaseAddress, LicenseKey = sandbox.LicenseKey });
await using var functions = LalalAiFunctions.Create(lalal, new LalalAiFunctionsOptions { AllowedFolders = ["."], OutputFolder = "stems", MaxMinutes = 5 });

Console.WriteLine(string.Join(", ", functions.Select(function => function.Name)));
Console.WriteLine(await functions.Single(function => function.Name == "account").InvokeAsync(new AIFunctionArguments()));
