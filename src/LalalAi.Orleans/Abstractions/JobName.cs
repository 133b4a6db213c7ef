namespace LalalAi.Cluster;

/// <summary>The name of a job: the name of its catalog, a slash, and the name within the catalog, which can contain slashes.</summary>
internal readonly record struct JobName(string Catalog, string Job)
{
    public string Key => $"{Catalog}/{Job}";

    public static JobName Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.IndexOf('/') is var slash and > 0 && slash < name.Length - 1
            ? new JobName(name[..slash], name[(slash + 1)..])
            : throw new ArgumentException(
                $"'{name}' is not a valid name for a job. Write the catalog, a slash, and the job, such as spring/0001.",
                nameof(name));
    }
}
