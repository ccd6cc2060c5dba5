/**
 * The services this one calls, as plain classes: gRPC stays behind them, what a service says is
 * checked before anything is made of it, and a failed call is a {@link
 * org.rolescope.fault.RolescopeException}.
 */
package org.rolescope.orchestrator.client;
