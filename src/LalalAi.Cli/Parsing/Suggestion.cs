namespace LalalAi.Cli.Parsing;

/// <summary>"Did you mean …?" for a word that is close to a known one.</summary>
internal static class Suggestion
{
    /// <summary>Returns a sentence with a space before it, or nothing.</summary>
    public static string For(string word, IReadOnlyCollection<string> known)
    {
        var best = known
            .Select(candidate => (Candidate: candidate, Distance: Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(match => match.Distance <= Math.Max(1, match.Candidate.TrimStart('-').Length / 3))
            .OrderBy(match => match.Distance)
            .Select(match => match.Candidate)
            .FirstOrDefault();
        var containing = known.Where(candidate => word.Length > 2 && candidate.Contains(word, StringComparison.OrdinalIgnoreCase)).ToList();
        return best is not null ? $" Did you mean '{best}'?"
            : containing.Count > 0 ? $" Did you mean {string.Join(" or ", containing.Select(candidate => $"'{candidate}'"))}?"
            : string.Empty;
    }

    /// <summary>How many characters have to be inserted, removed, replaced or swapped with their neighbor.</summary>
    private static int Distance(string first, string second)
    {
        var costs = new int[first.Length + 1, second.Length + 1];
        for (var i = 0; i <= first.Length; i++)
        {
            for (var j = 0; j <= second.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    costs[i, j] = i + j;
                    continue;
                }

                var replace = costs[i - 1, j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1);
                costs[i, j] = Math.Min(replace, 1 + Math.Min(costs[i - 1, j], costs[i, j - 1]));
                if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1])
                {
                    costs[i, j] = Math.Min(costs[i, j], costs[i - 2, j - 2] + 1);
                }
            }
        }

        return costs[first.Length, second.Length];
    }
}
