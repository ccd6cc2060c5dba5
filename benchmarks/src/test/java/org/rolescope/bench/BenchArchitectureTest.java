package org.rolescope.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Nothing depends on benchmarks; this is the one module whose class path holds all others. */
@AnalyzeClasses(packages = "org.rolescope", importOptions = DoNotIncludeTests.class)
final class BenchArchitectureTest {
  @ArchTest
  static final ArchRule nobody_knows_benchmarks =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.rolescope.bench..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.rolescope.bench..");

  @ArchTest
  static final ArchRule only_baselines_know_onnx_runtime =
      noClasses()
          .that()
          .resideInAPackage("org.rolescope.bench..")
          .and()
          .resideOutsideOfPackage("org.rolescope.bench.baseline..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnxruntime..");
}
