/** Files in words for a user: their sizes, and what it means when the file system says no. */
package org.rolescope.export.file;
