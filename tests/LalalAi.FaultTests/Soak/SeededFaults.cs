namespace LalalAi.FaultTests.Soak;

/// <summary>
/// Random faults on every connection, the same for the same seed and number: some that pass, and then one that ends it. Bytes are
/// corrupted only in what the API answers: media have no
/// checksum, and in a request the very key that keeps a start from being paid twice could become another. TLS and TCP see to both on a
/// real wire.
/// </summary>
internal sealed class SeededFaults(int seed)
{
    // Within a head or a small answer, or within what a few files and large checks take.
    private static readonly int[] Reaches = [1_000, 100_000];

    private static readonly WireFaultKind[] Passing = [WireFaultKind.Delay, WireFaultKind.Slice];

    // Most ends are sudden, because patience takes the time in which others could be tried.
    private static readonly WireFaultKind[] Final =
        [WireFaultKind.Close, WireFaultKind.Close, WireFaultKind.Close, WireFaultKind.Reset, WireFaultKind.Reset, WireFaultKind.Reset, WireFaultKind.Stall];

    public WirePlan Api => connection => Plan(connection * 2, [.. Passing, WireFaultKind.Corrupt]);

    public WirePlan Links => connection => Plan((connection * 2) + 1, Passing);

    private List<WireFault> Plan(int key, WireFaultKind[] passing)
    {
        var random = new Random(unchecked((seed * 1_000_003) + key));
        List<WireFault> faults = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Choose(passing)), Choose(Final)];
        return faults;

        WireFault Choose(WireFaultKind[] kinds)
        {
            var kind = kinds[random.Next(kinds.Length)];
            var direction = kind == WireFaultKind.Corrupt || random.Next(2) == 0 ? WireDirection.ToClient : WireDirection.ToServer;
            var offset = random.Next(Reaches[random.Next(Reaches.Length)]);
            return new WireFault(kind, direction, offset) { Mask = (byte)random.Next(1, 256) };
        }
    }
}
