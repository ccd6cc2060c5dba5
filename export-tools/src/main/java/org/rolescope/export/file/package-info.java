/** What it means to a user when the file system says no. */
package org.rolescope.export.file;
