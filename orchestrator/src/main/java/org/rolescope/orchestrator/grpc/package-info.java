/** The orchestrator's edge: converts between the contract and the plain classes behind it. */
package org.rolescope.orchestrator.grpc;
