/**
 * The gRPC edge of the metrics service. It converts between contracts and plain classes and does
 * nothing else.
 */
package org.rolescope.metrics.grpc;
