package org.rolescope.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Who may know whom. Services meet in the contracts only; Micronaut and gRPC stay at the edges;
 * ONNX Runtime is behind one package.
 */
@AnalyzeClasses(packages = "org.rolescope", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String[] CONTRACTS = {"org.rolescope.v1..", "org.rolescope.openinference.."};
  private static final String[] BASE = {"org.rolescope.tensors..", "org.rolescope.fault.."};
  private static final String[] EDGES = {
    "org.rolescope.rpc..",
    "org.rolescope.cli..",
    "org.rolescope.*.grpc..",
    "org.rolescope.*.http..",
    "org.rolescope.*.client..",
    "org.rolescope.*.config.."
  };

  @ArchTest
  static final ArchRule contracts_know_nobody =
      noClasses()
          .that()
          .resideInAnyPackage(CONTRACTS)
          .should()
          .dependOnClassesThat(ours().and(not(resideInAnyPackage(CONTRACTS))));

  @ArchTest
  static final ArchRule tensors_know_the_jdk_only =
      classes()
          .that()
          .resideInAnyPackage(BASE)
          .and()
          .resideOutsideOfPackages("org.rolescope.tensors.wire..", "..bundle.json..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.rolescope.tensors..", "org.rolescope.fault..");

  @ArchTest
  static final ArchRule only_wire_sees_the_contracts =
      noClasses()
          .that()
          .resideInAnyPackage(BASE)
          .and()
          .resideOutsideOfPackage("org.rolescope.tensors.wire..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.rolescope.v1..", "com.google.protobuf..");

  @ArchTest
  static final ArchRule export_tools_know_no_service =
      knowsNoneOf("org.rolescope.export..", "inference", "metrics", "orchestrator", "cli", "rpc");

  @ArchTest
  static final ArchRule inference_knows_no_other_service =
      knowsNoneOf("org.rolescope.inference..", "export", "metrics", "orchestrator", "cli");

  @ArchTest
  static final ArchRule metrics_knows_no_other_service =
      knowsNoneOf("org.rolescope.metrics..", "export", "inference", "orchestrator", "cli");

  @ArchTest
  static final ArchRule orchestrator_knows_no_other_service =
      knowsNoneOf("org.rolescope.orchestrator..", "export", "inference", "metrics", "cli");

  @ArchTest
  static final ArchRule rpc_knows_no_service =
      knowsNoneOf("org.rolescope.rpc..", "export", "inference", "metrics", "orchestrator", "cli");

  @ArchTest
  static final ArchRule only_edges_know_micronaut_and_grpc =
      noClasses()
          .that(ours().and(not(resideInAnyPackage(EDGES))).and(not(resideInAnyPackage(CONTRACTS))))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micronaut..", "io.grpc..");

  @ArchTest
  static final ArchRule only_http_knows_the_http_server =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.rolescope.orchestrator.http..", "org.rolescope.cli.services..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micronaut.http..", "io.netty..", "reactor..");

  @ArchTest
  static final ArchRule views_know_neither_configuration_nor_servers =
      noClasses()
          .that()
          .resideInAPackage("org.rolescope.orchestrator.view..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.rolescope.orchestrator.config..",
              "org.rolescope.orchestrator.http..",
              "org.rolescope.orchestrator.grpc..");

  @ArchTest
  static final ArchRule only_session_knows_onnx_runtime =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.rolescope.inference.session..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnxruntime..");

  @ArchTest
  static final ArchRule only_template_and_figures_know_graalvm =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.rolescope.inference.template..", "org.rolescope.figures..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.graalvm..");

  @ArchTest
  static final ArchRule entropies_and_statistics_know_no_contract =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.rolescope.metrics.stats..",
              "org.rolescope.metrics.entropy..",
              "org.rolescope.metrics.role..",
              "org.rolescope.metrics.contrast..",
              "org.rolescope.metrics.candidates..",
              "org.rolescope.metrics.correlation..",
              "org.rolescope.metrics.patching..",
              "org.rolescope.inference.forward..",
              "org.rolescope.inference.session..",
              "org.rolescope.inference.tokenizer..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.rolescope.v1..");

  @ArchTest
  static final ArchRule packages_of_a_module_have_no_cycles =
      slices().matching("org.rolescope.(*).(*)..").should().beFreeOfCycles();

  private static ArchRule knowsNoneOf(String packages, String... others) {
    String[] forbidden = new String[others.length];
    for (int index = 0; index < others.length; index++) {
      forbidden[index] = "org.rolescope." + others[index] + "..";
    }
    return noClasses()
        .that()
        .resideInAPackage(packages)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden);
  }

  private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> ours() {
    return resideInAnyPackage("org.rolescope..");
  }
}
