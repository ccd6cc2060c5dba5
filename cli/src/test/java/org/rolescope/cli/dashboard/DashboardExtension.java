package org.rolescope.cli.dashboard;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the dashboard of a demo and a browser. Both are made once and end with the last test;
 * where the machine has no browser, tests are skipped and say so.
 */
final class DashboardExtension implements ExecutionCondition, ParameterResolver {
  private static final Namespace HERE = Namespace.create(DashboardExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return TestBrowser.obstacle()
        .map(
            reason -> {
              System.out.println(reason);
              return ConditionEvaluationResult.disabled(reason);
            })
        .orElse(ConditionEvaluationResult.enabled("there is a browser"));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == DemoDashboard.class || type == TestBrowser.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ExtensionContext.Store store = context.getRoot().getStore(HERE);
    if (parameter.getParameter().getType() == TestBrowser.class) {
      return store.getOrComputeIfAbsent(
          TestBrowser.class, key -> TestBrowser.open(), TestBrowser.class);
    }
    return store.getOrComputeIfAbsent(
        DemoDashboard.class, key -> DemoDashboard.make(), DemoDashboard.class);
  }
}
