using LalalAi.Downloads;
using Microsoft.Extensions.Time.Testing;

namespace LalalAi.Tests.Downloads;

internal sealed class CombinedProgressTests
{
    private FakeTimeProvider _time = null!;
    private List<TransferProgress> _reports = null!;

    [SetUp]
    public void Begin()
    {
        _time = new FakeTimeProvider();
        _reports = [];
    }

    [Test]
    public void Bytes_on_disk_count_as_transferred_but_not_for_the_rate()
    {
        var part = Combine(1000).Part(0);

        part.Report(new TransferProgress(200, 1000, 0));
        _time.Advance(TimeSpan.FromSeconds(2));
        part.Report(new TransferProgress(500, 1000, 0));

        Assert.That(_reports, Is.EqualTo(new[] { new TransferProgress(200, 1000, 0), new TransferProgress(500, 1000, 150) }));
    }

    [Test]
    public void Discarded_bytes_count_for_the_rate()
    {
        var part = Combine(1000).Part(0);

        part.Report(new TransferProgress(0, 1000, 0));
        part.Report(new TransferProgress(400, 1000, 0));
        part.Report(new TransferProgress(0, 1000, 0));
        _time.Advance(TimeSpan.FromSeconds(4));
        part.Report(new TransferProgress(100, 1000, 0));

        Assert.That(_reports[^1], Is.EqualTo(new TransferProgress(100, 1000, 125)));
    }

    [Test]
    public void Total_is_the_expected_size_until_a_transfer_reports_another()
    {
        var combined = Combine(1000, null);

        combined.Part(0).Report(new TransferProgress(1, null, 0));
        combined.Part(1).Report(new TransferProgress(2, 50, 0));
        combined.Part(0).Report(new TransferProgress(3, 900, 0));

        Assert.That(
            _reports.Select(report => (report.BytesTransferred, report.TotalBytes)),
            Is.EqualTo(new[] { (1, (long?)null), (3, 1050), (5, 950) }));
    }

    private CombinedProgress Combine(params long?[] expected) => new(_time, new Observer<TransferProgress>(_reports.Add), expected);
}
