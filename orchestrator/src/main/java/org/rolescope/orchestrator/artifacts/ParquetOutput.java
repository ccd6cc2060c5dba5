package org.rolescope.orchestrator.artifacts;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A stream as the Parquet library wants it: it has to know its position. */
final class ParquetOutput implements OutputFile {
  private final OutputStream out;

  /** Writes to this stream and does not close it. */
  ParquetOutput(OutputStream out) {
    this.out = requireNonNull(out, "out is null");
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) {
    return new Positioned(out);
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) {
    return new Positioned(out);
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }

  private static final class Positioned extends PositionOutputStream {
    private final OutputStream out;
    private long position;

    private Positioned(OutputStream out) {
      this.out = out;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      position += length;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
