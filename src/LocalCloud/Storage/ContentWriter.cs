using System.Buffers;
using System.Security.Cryptography;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>
/// Takes an object's content to a file in the staging folder as it arrives, hashing on the way: an upload of any size costs one buffer.
/// The store moves the finished file to its place; what it did not take is deleted with the writer.
/// </summary>
internal sealed class ContentWriter : IAsyncDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly FileStream _file;
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly bool _keep;
    private Crc32C _crc;

    private ContentWriter(string path, FileMode mode, bool keep)
    {
        Path = path;
        _keep = keep;
        _file = new(path, new FileStreamOptions
        {
            Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.Read | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous,
        });
    }

    public string Path { get; }

    public long Length { get; private set; }

    public string Crc32C => _crc.Base64;

    public string Md5 => Convert.ToBase64String(_md5.GetCurrentHash());

    public static ContentWriter Create(string path) => new(path, FileMode.CreateNew, keep: false);

    /// <summary>Goes on with a file that is there in part, or begins it. It is kept when the writer is disposed: the upload may go on later.</summary>
    public static async Task<ContentWriter> ResumeAsync(string path, CancellationToken cancellationToken)
    {
        var writer = new ContentWriter(path, FileMode.OpenOrCreate, keep: true);
        try
        {
            await writer.PumpAsync(writer._file, write: false, skip: 0, cancellationToken);
            return writer;
        }
        catch
        {
            await writer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Appends the source until its end. When it breaks, what arrived stays appended and hashed.</summary>
    /// <param name="skip">Bytes at the source's beginning that are here already.</param>
    /// <returns>How many bytes the source had.</returns>
    public Task<long> AppendAsync(Stream source, long skip, CancellationToken cancellationToken) => PumpAsync(source, write: true, skip, cancellationToken);

    /// <summary>Closes the file, so that the store can move it to its place; hashes and length stay readable.</summary>
    public ValueTask CloseAsync() => _file.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _md5.Dispose();
        // No harm when the store took it: then there is nothing at this path any more.
        if (!_keep)
            File.Delete(Path);
    }

    private async Task<long> PumpAsync(Stream source, bool write, long skip, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long total = 0;
            for (int read; (read = await source.ReadAsync(buffer.AsMemory(0, BufferSize), cancellationToken)) > 0; total += read)
            {
                var fresh = buffer.AsMemory(0, read);
                fresh = fresh[(int)Math.Clamp(skip - total, 0, read)..];
                if (fresh.IsEmpty)
                    continue;
                // Not cancelled half-way: hash, length and file have to agree, or an interrupted upload could not go on.
                if (write)
                    await _file.WriteAsync(fresh, CancellationToken.None);
                _md5.AppendData(fresh.Span);
                _crc.Append(fresh.Span);
                Length += fresh.Length;
            }

            return total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
