/**
 * Runs on their way: the steps a plan comes down to, the tasks that do them, and who may follow.
 *
 * <p>A step is done when its file is there, and a file is either whole or absent. So nothing needs
 * to be remembered beside the files, and a run goes on wherever it was cut off.
 */
package org.rolescope.orchestrator.execute;
