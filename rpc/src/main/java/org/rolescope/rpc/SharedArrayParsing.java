package org.rolescope.rpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Status;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Parses answers so that their byte fields share the one array a message arrived in. gRPC's own
 * marshaller reads a message into an array and copies every byte field out of it again, which for a
 * stream of tensors is a memory allocation and a copy of all there is.
 */
final class SharedArrayParsing implements ClientInterceptor {
  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    return next.newCall(sharing(method), options);
  }

  private static <Q, R> MethodDescriptor<Q, R> sharing(MethodDescriptor<Q, R> method) {
    return method.getResponseMarshaller() instanceof PrototypeMarshaller<R> usual
            && usual.getMessagePrototype() instanceof MessageLite
        ? method.toBuilder().setResponseMarshaller(new SharedArrayMarshaller<>(usual)).build()
        : method;
  }

  /** Parses itself, and leaves everything else to the usual marshaller. */
  private record SharedArrayMarshaller<R>(PrototypeMarshaller<R> usual) implements Marshaller<R> {
    @Override
    public InputStream stream(R message) {
      return usual.stream(message);
    }

    @Override
    public R parse(InputStream stream) {
      try {
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(read(stream)).newCodedInput();
        input.enableAliasing(true);
        return usual.getMessageClass().cast(parse(input));
      } catch (InvalidProtocolBufferException invalid) {
        throw damaged(invalid);
      } catch (IOException failed) {
        throw Status.UNAVAILABLE
            .withDescription("The answer cannot be read: " + failed.getMessage())
            .withCause(failed)
            .asRuntimeException();
      }
    }

    /** A compressed message does not know its length; the transport limits that of both kinds. */
    private static byte[] read(InputStream stream) throws IOException {
      if (!(stream instanceof KnownLength)) {
        return stream.readAllBytes();
      }
      byte[] bytes = new byte[stream.available()];
      if (stream.readNBytes(bytes, 0, bytes.length) < bytes.length) {
        throw new EOFException("it ends early");
      }
      return bytes;
    }

    private MessageLite parse(CodedInputStream input) throws InvalidProtocolBufferException {
      MessageLite message =
          ((MessageLite) usual.getMessagePrototype())
              .getParserForType()
              .parseFrom(input, ExtensionRegistryLite.getEmptyRegistry());
      input.checkLastTagWas(0);
      return message;
    }

    private static RuntimeException damaged(InvalidProtocolBufferException cause) {
      return Status.INTERNAL
          .withDescription("The answer is no message of this protocol; check what listens there")
          .withCause(cause)
          .asRuntimeException();
    }
  }
}
