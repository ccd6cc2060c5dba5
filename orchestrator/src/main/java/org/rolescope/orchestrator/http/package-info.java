/**
 * The HTTP API under {@code /api/v1} and the files of the dashboard: see docs/http-api.md. Only
 * converts; what is shown is made in package {@code view}.
 */
package org.rolescope.orchestrator.http;
