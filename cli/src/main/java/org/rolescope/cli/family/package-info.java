/**
 * Pairs of models that are known by name: the families that come with Rolescope and those of a
 * user's file, where their checkpoints are, and what a run of them needs before it starts.
 */
package org.rolescope.cli.family;
