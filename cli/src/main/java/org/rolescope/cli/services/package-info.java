/**
 * The services a command talks to: all of them in this JVM over in-process gRPC, or elsewhere over
 * TCP. Which one is a matter of addresses; everything above sees channels.
 */
package org.rolescope.cli.services;
