package org.rolescope.inference.catalog;

import java.nio.file.Path;
import org.rolescope.tensors.bundle.BundleManifest;

/**
 * A model of the catalog.
 *
 * @param name its name: the folder of its bundle
 * @param bundle that folder
 * @param manifest its manifest
 */
public record CatalogModel(String name, Path bundle, BundleManifest manifest) {}
