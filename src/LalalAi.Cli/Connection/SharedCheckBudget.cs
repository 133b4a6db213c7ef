using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Connection;

/// <summary>
/// One budget for the checks of all <c>lalalai</c> processes of a user on a machine, since the service limits them by license key. A file
/// in the cache folder contains the times of the last checks. Its name is a hash, so it does not contain the key. If the file cannot be
/// used, the process has its own budget.
/// </summary>
internal sealed class SharedCheckBudget : RateLimiter
{
    // Below the service's limit, because requests can be delayed on their way. A single client sends about as many.
    private const int MaxChecks = CheckBudget.MaxChecks - 2;

    private static readonly TimeSpan Window = CheckBudget.Window + TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(15);

    private readonly string _path;
    private readonly TimeProvider _timeProvider;
    private readonly RateLimiter _own;

    /// <param name="path">The file.</param>
    /// <param name="timeProvider">The clock.</param>
    public SharedCheckBudget(string path, TimeProvider timeProvider)
    {
        _path = path;
        _timeProvider = timeProvider;
        _own = CheckBudget.Create(timeProvider);
    }

    public override TimeSpan? IdleDuration => null;

    /// <summary>Creates the budget of a license key.</summary>
    public static SharedCheckBudget For(ProgramContext context, Uri service, string licenseKey)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{service}\n{licenseKey}")));
        return new SharedCheckBudget(Path.Combine(UserFolder.Cache(context), $"checks-{hash[..16]}"), TimeProvider.System);
    }

    public override RateLimiterStatistics? GetStatistics() => null;

    protected override RateLimitLease AttemptAcquireCore(int permitCount) => TryGrant(out var wait) is { } isGranted
        ? new Lease(isGranted, wait)
        : _own.AttemptAcquire(permitCount);

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (TryGrant(out var wait))
            {
                case true:
                    return new Lease(isAcquired: true, TimeSpan.Zero);
                case false:
                    await Task.Delay(wait, _timeProvider, cancellationToken);
                    break;
                default:
                    return await _own.AcquireAsync(permitCount, cancellationToken);
            }
        }
    }

    /// <returns>Whether a check may be sent, or <see langword="null"/> if the file cannot be used.</returns>
    private bool? TryGrant(out TimeSpan wait)
    {
        wait = LockRetry;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            using var file = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var now = _timeProvider.GetUtcNow();
            var sent = Read(file, now);
            if (sent.Count >= MaxChecks)
            {
                wait = sent[^MaxChecks] + Window - now;
                return false;
            }

            file.SetLength(0);
            file.Write(
                Encoding.ASCII.GetBytes(
                    string.Concat(sent.Append(now).Select(time => string.Create(CultureInfo.InvariantCulture, $"{time.UtcTicks}\n")))));
            return true;
        }
        catch (Exception exception) when (FileLock.IsHeld(exception))
        {
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads the checks within the window. Future times occur after the clock was set back.</summary>
    private static List<DateTimeOffset> Read(FileStream file, DateTimeOffset now)
    {
        using var reader = new StreamReader(file, Encoding.ASCII, leaveOpen: true);
        return [.. reader.ReadToEnd().Split('\n')
            .Select(
                line =>
                    long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= now.UtcTicks
                        ? ticks
                        : 0)
            .Where(ticks => now.UtcTicks - ticks < Window.Ticks)
            .Order()
            .Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero))];
    }

    private sealed class Lease(bool isAcquired, TimeSpan retryAfter) : RateLimitLease
    {
        public override bool IsAcquired => isAcquired;

        public override IEnumerable<string> MetadataNames => isAcquired ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = !isAcquired && metadataName == MetadataName.RetryAfter.Name ? retryAfter : null;
            return metadata is not null;
        }
    }
}
