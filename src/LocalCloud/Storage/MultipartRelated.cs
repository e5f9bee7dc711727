using System.Text;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>
/// Reads a multipart/related body part by part as it arrives. Google's Python clients end lines with a single LF, others with CRLF;
/// the first boundary tells which, so that content that ends in a CR keeps it.
/// </summary>
internal sealed class MultipartRelated(Stream body, string boundary)
{
    private const int MaxLine = 16 * 1024;

    private readonly byte[] _buffer = new byte[128 * 1024];
    private int _start;
    private int _end;
    private byte[]? _delimiter;

    /// <summary>The boundary of a Content-Type, which may stand in double quotes, in single ones (as gcloud writes it), or in none.</summary>
    /// <exception cref="StorageException">There is none.</exception>
    public static string BoundaryOf(string? contentType)
    {
        const string Parameter = "boundary=";
        var at = contentType?.IndexOf(Parameter, StringComparison.OrdinalIgnoreCase) ?? -1;
        if (at < 0)
            throw StorageException.Invalid($"Content-Type of a multipart upload has to be multipart/related with a boundary; it is '{contentType}'.");
        var value = contentType![(at + Parameter.Length)..];
        if (value is ['"' or '\'', ..] && value.IndexOf(value[0], 1) is > 1 and var close)
            return value[1..close];
        return value.Split(';')[0].Trim();
    }

    /// <summary>The next part, or null at the end. The part before has to have been read to its end.</summary>
    public async Task<Part?> ReadPartAsync(CancellationToken cancellationToken)
    {
        if (_delimiter is null)
        {
            string line;
            bool crlf;
            do
                (line, crlf) = await ReadLineAsync(cancellationToken);
            while (line.TrimEnd() != $"--{boundary}");
            _delimiter = Encoding.ASCII.GetBytes((crlf ? "\r\n" : "\n") + "--" + boundary);
        }
        else if ((await ReadLineAsync(cancellationToken)).Line.StartsWith("--", StringComparison.Ordinal))
        {
            return null;
        }

        string? contentType = null;
        while ((await ReadLineAsync(cancellationToken)).Line is { Length: > 0 } header)
            if (header.Split(':', 2) is [var name, var value] && name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
                contentType = value.Trim();
        return new(contentType, new PartStream(this));
    }

    private async Task<(string Line, bool Crlf)> ReadLineAsync(CancellationToken cancellationToken)
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n')) < 0)
        {
            // The closing delimiter may be the last thing there is, without an end of line.
            if (_end - _start > MaxLine || !await FillAsync(cancellationToken))
            {
                if (_end - _start is 0 or > MaxLine)
                    throw Incomplete();
                length = _end - _start;
                _buffer[_end++] = (byte)'\n';
            }
        }

        var crlf = length > 0 && _buffer[_start + length - 1] == '\r';
        var line = Encoding.UTF8.GetString(_buffer, _start, crlf ? length - 1 : length);
        _start += length + 1;
        return (line, crlf);
    }

    private async ValueTask<int> ReadContentAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (true)
        {
            var pending = _end - _start;
            var at = _buffer.AsSpan(_start, pending).IndexOf(_delimiter);
            if (at == 0)
                return 0;
            // What could be the beginning of the delimiter has to wait for more.
            var certain = at > 0 ? at : pending - _delimiter!.Length + 1;
            if (certain > 0)
            {
                var count = Math.Min(certain, destination.Length);
                _buffer.AsMemory(_start, count).CopyTo(destination);
                _start += count;
                return count;
            }

            if (!await FillAsync(cancellationToken))
                throw Incomplete();
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var read = await body.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0;
    }

    private StorageException Incomplete() => StorageException.Invalid($"The multipart body ends without its closing boundary '--{boundary}--'.");

    internal sealed record Part(string? ContentType, Stream Content);

    private sealed class PartStream(MultipartRelated reader) : Stream
    {
        private bool _ended;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_ended || buffer.IsEmpty)
                return 0;
            var read = await reader.ReadContentAsync(buffer, cancellationToken);
            if (read == 0)
            {
                _ended = true;
                reader._start += reader._delimiter!.Length;
            }

            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
