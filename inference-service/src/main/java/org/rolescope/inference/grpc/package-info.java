/** The gRPC face of inference: converts, validates sizes, and leaves the work to plain classes. */
package org.rolescope.inference.grpc;
