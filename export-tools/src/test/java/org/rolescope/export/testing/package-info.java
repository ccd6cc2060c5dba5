/**
 * What several tests of this module share: the demo models, altered checkpoints, a stage runner.
 */
package org.rolescope.export.testing;
