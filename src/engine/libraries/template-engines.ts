import { at, type Library, named } from './library.ts';

/** Template engines: where text becomes the source of a template. Values that a template is rendered with are not here. */
export const templateEngines: Library = {
  name: 'Jinja2, Mako, Chameleon, Cheetah, Chevron, Genshi, Airspeed and others',
  docs: 'https://jinja.palletsprojects.com/en/stable/api/',
  aliases: {
    'jinja2.environment.Environment': 'jinja2.Environment',
    'jinja2.environment.Template': 'jinja2.Template',
    'jinja2.nativetypes.NativeEnvironment': 'jinja2.NativeEnvironment',
    'chameleon.zpt.template.PageTemplate': 'chameleon.PageTemplate',
    'TRender.TRender': 'trender.TRender',
  },
  returns: {
    'jinja2.Environment.from_string': 'jinja2.Template',
    'jinja2.Environment.get_template': 'jinja2.Template',
    'jinja2.Environment.select_template': 'jinja2.Template',
    'jinja2.Environment.overlay': 'jinja2.Environment',
    'mako.lookup.TemplateLookup.get_template': 'mako.template.Template',
    'genshi.template.MarkupTemplate.generate': 'genshi.core.Stream',
  },
  // `jinja2.sandbox.SandboxedEnvironment` is none of them: its templates reach no attributes that lead out.
  bases: { 'jinja2.NativeEnvironment': ['jinja2.Environment'] },
  sinks: [
    {
      kind: 'template',
      paths: ['jinja2.Environment.from_string', 'jinja2.Environment.compile', 'jinja2.Template'],
      arguments: [at(0, 'source')],
    },
    // https://docs.makotemplates.org/en/latest/usage.html
    { kind: 'template', paths: ['mako.template.Template'], arguments: [at(0, 'text')] },
    // https://chameleon.readthedocs.io/en/latest/library.html
    {
      kind: 'template',
      paths: ['chameleon.PageTemplate', 'chameleon.PageTextTemplate'],
      arguments: [at(0, 'body')],
    },
    // https://cheetahtemplate.org/users_guide/
    { kind: 'template', paths: ['Cheetah.Template.Template'], arguments: [at(0, 'source')] },
    { kind: 'template', paths: ['Cheetah.Template.Template.compile'], arguments: [at(0, 'source')] },
    // https://github.com/noahmorrison/chevron
    {
      kind: 'template',
      paths: ['chevron.render', 'chevron.renderer.render'],
      arguments: [at(0, 'template')],
    },
    {
      kind: 'template',
      paths: ['pystache.render', 'pystache.Renderer.render'],
      arguments: [at(0, 'template')],
    },
    // https://genshi.edgewall.org/wiki/ApiDocs/genshi.template
    {
      kind: 'template',
      paths: [
        'genshi.template.MarkupTemplate',
        'genshi.template.TextTemplate',
        'genshi.template.NewTextTemplate',
        'genshi.template.markup.MarkupTemplate',
        'genshi.template.text.TextTemplate',
      ],
      arguments: [at(0, 'source')],
    },
    // https://github.com/purcell/airspeed
    { kind: 'template', paths: ['airspeed.Template'], arguments: [at(0, 'content')] },
    { kind: 'template', paths: ['trender.TRender'], arguments: [at(0, 'template')] },
    {
      kind: 'template',
      paths: ['liquid.Template', 'liquid.Environment.from_string'],
      arguments: [at(0, 'source')],
    },
    { kind: 'template', paths: ['pybars.Compiler.compile'], arguments: [at(0, 'source')] },
    { kind: 'template', paths: ['web.template.Template'], arguments: [at(0, 'text')] },
    { kind: 'template', paths: ['pyratemp.Template'], arguments: [at(0, 'string')] },
    { kind: 'template', paths: ['kajiki.XMLTemplate', 'kajiki.TextTemplate'], arguments: [at(0, 'source')] },
    // A file name from outside chooses the template that is run.
    {
      kind: 'path',
      paths: ['mako.template.Template', 'chameleon.PageTemplateFile'],
      arguments: [named('filename')],
    },
  ],
  propagators: [
    {
      paths: [
        'jinja2.Template.render',
        'jinja2.Template.render_async',
        'mako.template.Template.render',
        'mako.template.Template.render_unicode',
        'chevron.render',
        'chevron.renderer.render',
        'airspeed.Template.merge',
      ],
    },
  ],
};
