/**
 * Figures as files: the dashboard's own chart modules, drawn without a browser. JSON text comes in,
 * SVG and PNG go out; fonts come with the module, so that a machine without a display and without
 * fonts draws the same bytes.
 */
package org.rolescope.figures;
