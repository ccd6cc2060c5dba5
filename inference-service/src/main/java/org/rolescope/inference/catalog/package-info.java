/** The models this service can run: bundles in the folders of one models directory. */
package org.rolescope.inference.catalog;
