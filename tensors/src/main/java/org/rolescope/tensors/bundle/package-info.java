/**
 * What a model bundle says of itself: the manifest {@code rolescope.json} beside the stages.
 * Written by export-tools, read by inference-service; {@code json} alone knows how it is spelled.
 */
package org.rolescope.tensors.bundle;
