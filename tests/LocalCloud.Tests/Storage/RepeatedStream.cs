namespace PrimeDeploy.LocalCloud.Tests.Storage;

/// <summary>A block over and over, so that a large body costs no memory to send.</summary>
internal sealed class RepeatedStream(byte[] block, int times) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => (long)block.Length * times;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var at = (int)(_position % block.Length);
        var length = (int)Math.Min(Math.Min(count, block.Length - at), Length - _position);
        Array.Copy(block, at, buffer, offset, length);
        _position += length;
        return length;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
