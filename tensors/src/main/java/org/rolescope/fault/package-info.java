/**
 * What can go wrong and whose fault it is. Every error that may reach a user is a {@link
 * org.rolescope.fault.RolescopeException} whose message names the thing and the remedy in one
 * sentence; edges map its code to an exit code or a gRPC status.
 */
package org.rolescope.fault;
