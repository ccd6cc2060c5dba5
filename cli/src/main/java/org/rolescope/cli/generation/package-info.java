/** Answers of models: getting them of the inference service, and writing them down. */
package org.rolescope.cli.generation;
