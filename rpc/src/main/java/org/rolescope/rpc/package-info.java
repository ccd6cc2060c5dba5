/**
 * What every gRPC edge needs once: addresses and channels, faults to status and back, and streams
 * that wait for a slow reader.
 */
package org.rolescope.rpc;
