package org.rolescope.orchestrator.report;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Fills the templates. What is put into one is escaped by the rules of its format; in HTML that
 * holds twice, since the page is made from the Markdown and its renderer lets no HTML through.
 */
final class ReportTemplates {
  private static final String FOLDER = "org/rolescope/orchestrator/report/";
  private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());

  private final PebbleEngine markdown = engine("markdown");
  private final PebbleEngine html = engine("html");

  /**
   * A report as Markdown.
   *
   * @param template name of its template
   */
  String markdown(String template, Map<String, Object> content) {
    return fill(markdown, template, content);
  }

  /**
   * The report as a page that needs no other file.
   *
   * @param title its title
   * @param report what {@link #markdown} gave
   */
  String html(String title, String report) {
    String body =
        HtmlRenderer.builder()
            .extensions(EXTENSIONS)
            .escapeHtml(true)
            .sanitizeUrls(true)
            .build()
            .render(Parser.builder().extensions(EXTENSIONS).build().parse(report));
    return fill(html, "report.html", Map.of("title", title, "body", body));
  }

  private static PebbleEngine engine(String escaping) {
    return new PebbleEngine.Builder()
        .loader(loader())
        .strictVariables(true)
        .newLineTrimming(false)
        .defaultLocale(Locale.ROOT)
        .addEscapingStrategy("markdown", new MarkdownEscaping())
        .defaultEscapingStrategy(escaping)
        .build();
  }

  private static ClasspathLoader loader() {
    ClasspathLoader loader = new ClasspathLoader(ReportTemplates.class.getClassLoader());
    loader.setPrefix(FOLDER);
    loader.setSuffix(".peb");
    return loader;
  }

  private static String fill(PebbleEngine engine, String template, Map<String, Object> content) {
    StringWriter text = new StringWriter();
    try {
      engine.getTemplate(template).evaluate(text, content, Locale.ROOT);
    } catch (IOException impossible) {
      throw new UncheckedIOException("template " + template, impossible);
    }
    return text.toString();
  }
}
