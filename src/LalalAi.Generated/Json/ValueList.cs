using System.Collections;

namespace LalalAi;

/// <summary>
/// A read-only copy of a list that is equal to another one with equal items, so that records that hold lists are equal by value.
/// </summary>
internal sealed class ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[] _items;

    private ValueList(T[] items) => _items = items;

    public int Count => _items.Length;

    public T this[int index] => _items[index];

    /// <summary>Copies a list; <see langword="null"/> stays <see langword="null"/>.</summary>
    public static IReadOnlyList<T> Copy(IReadOnlyList<T>? items) => items is null or ValueList<T> ? items! : new ValueList<T>([.. items]);

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(ValueList<T>? other) => other is not null && _items.SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode() => _items.Length == 0 ? 0 : (_items.Length * 397) ^ (_items[0]?.GetHashCode() ?? 0);

    public override string ToString() => $"[{string.Join(", ", _items)}]";
}
