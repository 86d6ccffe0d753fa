import { at, type Library, named } from './library.ts';

/** Markdown and its relatives: tags in the text are tags in the HTML, unless the converter is told otherwise. */
export const markupLanguages: Library = {
  name: 'Markdown, markdown2, mistune, markdown-it-py, commonmark, Textile, docutils',
  docs: 'https://python-markdown.github.io/reference/',
  sinks: [
    // https://github.com/JazzCore/python-pdfkit, https://doc.courtbouillon.org/weasyprint/, https://xhtml2pdf.readthedocs.io/: HTML becomes a
    // document on the server, which fetches what the HTML names.
    {
      kind: 'html',
      paths: ['pdfkit.from_string', 'imgkit.from_string'],
      arguments: [at(0, 'input'), named('string')],
    },
    { kind: 'html', paths: ['weasyprint.HTML'], arguments: [named('string')] },
    {
      kind: 'html',
      paths: ['xhtml2pdf.pisa.CreatePDF', 'xhtml2pdf.pisa.pisaDocument', 'xhtml2pdf.document.pisaDocument'],
      arguments: [at(0, 'src')],
    },
    { kind: 'html', paths: ['html2image.Html2Image.screenshot'], arguments: [named('html_str')] },
  ],
  propagators: [
    {
      paths: [
        'markdown.markdown',
        'markdown2.markdown',
        // https://mistune.lepture.com/en/latest/guide.html: `html` does not escape, `create_markdown` does.
        'mistune.html',
        'commonmark.commonmark',
        'textile.textile',
      ],
      from: [at(0, 'text')],
    },
    { paths: ['markdown.Markdown.convert', 'markdown2.Markdown.convert'], from: [at(0, 'source')] },
    // https://docutils.sourceforge.io/docs/howto/security.html
    {
      paths: ['docutils.core.publish_string', 'docutils.core.publish_parts'],
      from: [at(0, 'source')],
    },
  ],
};
