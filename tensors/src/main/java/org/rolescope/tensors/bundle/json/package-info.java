/** Spells the manifest as JSON. The only package of this module that sees Jackson. */
package org.rolescope.tensors.bundle.json;
