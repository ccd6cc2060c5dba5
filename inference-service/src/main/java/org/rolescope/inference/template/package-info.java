/**
 * Chat templates of models, rendered in a sandbox. A template is code from a model file: it gets no
 * host, no files, no classes, no clock, and a budget. Nothing else here imports GraalVM.
 */
package org.rolescope.inference.template;
