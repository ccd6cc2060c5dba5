/**
 * The report on a finished run, for people: one Markdown text from a template, and a page of HTML
 * made from that text. Every text that comes from outside is escaped; the same run gives the same
 * bytes.
 */
package org.rolescope.orchestrator.report;
