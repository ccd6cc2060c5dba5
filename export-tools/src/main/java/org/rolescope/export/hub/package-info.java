/**
 * Checkpoints from a model hub that speaks the API of Hugging Face: {@link
 * org.rolescope.export.hub.Hub} says what a download would need, and downloads it into the cache
 * that Python's {@code huggingface_hub} uses too. Whatever a server says is hostile until checked;
 * nothing enters the cache before its checksum is known to be right.
 */
package org.rolescope.export.hub;
