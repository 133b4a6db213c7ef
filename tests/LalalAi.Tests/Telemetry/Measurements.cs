using System.Diagnostics.Metrics;
using LalalAi.Telemetry;

namespace LalalAi.Tests.Telemetry;

/// <summary>What the library's meter records until this is disposed.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly List<(string Instrument, double Value, string Tags)> _all = [];
    private readonly MeterListener _listener;

    public Measurements()
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == LalalAiTelemetry.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    public (double Value, string Tags)[] Of(string instrument)
    {
        lock (_all)
        {
            return [.. _all.Where(each => each.Instrument == instrument).Select(each => (each.Value, each.Tags))];
        }
    }

    public double SumOf(string instrument) => Of(instrument).Sum(each => each.Value);

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_all)
        {
            _all.Add((instrument.Name, value, string.Join(", ", tags.ToArray().Select(tag => tag.Value))));
        }
    }
}
