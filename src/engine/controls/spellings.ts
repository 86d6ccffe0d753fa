/** How controls are written: what each is recognised by. */
import type { ControlKindName } from './kinds.ts';

/** Calls that protect a value, by the last part of their path, with the start that the whole path must have. */
export const PROTECTING_CALLS: ReadonlyMap<
  string,
  readonly { readonly kind: ControlKindName; readonly from: RegExp }[]
> = new Map([
  [
    'quote',
    [
      { kind: 'shell-escape', from: /^(shlex|pipes)\./ },
      { kind: 'url-escape', from: /^urllib\b/ },
    ],
  ],
  ['quote_plus', [{ kind: 'url-escape', from: /^urllib\b/ }]],
  [
    'escape',
    [
      {
        kind: 'html-escape',
        from: /^(html|cgi|markupsafe|flask|jinja2|django\.utils\.html|tornado|werkzeug|saxutils|xml\.sax|twisted\.web\.(html|util|template))\b/,
      },
      { kind: 'regex-escape', from: /^(re|regex)\./ },
    ],
  ],
  ['conditional_escape', [{ kind: 'html-escape', from: /^django\./ }]],
  ['xhtml_escape', [{ kind: 'html-escape', from: /^tornado\./ }]],
  ['escapejs', [{ kind: 'html-escape', from: /^django\./ }]],
  ['strip_tags', [{ kind: 'html-escape', from: /^django\./ }]],
  ['clean', [{ kind: 'html-escape', from: /^(bleach|nh3)\./ }]],
  ['escape_filter_chars', [{ kind: 'ldap-escape', from: /./ }]],
  ['escape_dn_chars', [{ kind: 'ldap-escape', from: /./ }]],
  ['escape_rdn', [{ kind: 'ldap-escape', from: /./ }]],
  ['loads', [{ kind: 'signature', from: /^(django\.core\.signing|itsdangerous)\b/ }]],
  ['unsign', [{ kind: 'signature', from: /^(django\.core\.signing|itsdangerous)\b/ }]],
  ['safe_load', [{ kind: 'plain-data', from: /^yaml\./ }]],
  ['safe_load_all', [{ kind: 'plain-data', from: /^yaml\./ }]],
  ['secure_filename', [{ kind: 'file-name', from: /./ }]],
  ['get_valid_filename', [{ kind: 'file-name', from: /./ }]],
  ['safe_join', [{ kind: 'file-name', from: /./ }]],
  ['url_has_allowed_host_and_scheme', [{ kind: 'url-check', from: /./ }]],
  ['is_safe_url', [{ kind: 'url-check', from: /./ }]],
  ['mask_password', [{ kind: 'masking', from: /./ }]],
  ['mask_dict_password', [{ kind: 'masking', from: /./ }]],
  ['compare_digest', [{ kind: 'constant-time', from: /./ }]],
  ['constant_time_compare', [{ kind: 'constant-time', from: /./ }]],
  ['safe_str_cmp', [{ kind: 'constant-time', from: /./ }]],
] as const);

/** Comparisons in constant time that a project wrote itself, by name. */
export const CONSTANT_TIME =
  /(?:constant_time|secure(?:ly)?|safe)_(?:\w+_)?compare|compare_(?:\w+_)?(?:secure|constant_time|safe)/i;

/** Texts whose replacement by another protects: `value.replace("'", "''")`, `path.replace('../', '')`. */
export const PROTECTING_REPLACEMENTS: readonly {
  readonly kind: ControlKindName;
  readonly from: RegExp;
  readonly to: RegExp;
}[] = [
  { kind: 'sql-escape', from: /^['"\]`]$/, to: /^(?:''|""|\]\]|``|\\['"])$/ },
  { kind: 'path-check', from: /^\.\.[/\\]?$/, to: /^[^/.]?$/ },
  { kind: 'sanitizing', from: /^<$/, to: /^&(?:lt|#60);$/ },
  { kind: 'stripping', from: /^(?:\r\n|[\r\n\0]|[/\\])$/, to: /^(?:[ _-]?|%0[AaDd]|\\[rn])$/ },
];

/** What `re.sub` takes out to make a value harmless: all but some characters, leading slashes, line breaks, tags. */
export const STRIPPED =
  /^\(?\[\^[^\]]+\][+*]?\)?$|^\^(?:\/+|\[[/\\]+\])[+*{]|^\[(?:\\[rnt0])+\][+*]?$|^<\[\^>[^\]]*\][+*]>$|javascript:/;

/** Decorators, by the last part of their name. */
export const DECORATORS: readonly { readonly kind: ControlKindName; readonly name: RegExp }[] = [
  {
    kind: 'authorization',
    name: /^(?:\w+_)?(permission_required|permissions?_required|require_permissions?|requires_permissions?|has_permissions?|has_access(_\w+)?|user_passes_test|staff_member_required|superuser_required|admin_required|require_admin|requires_admin|admin_only|roles?_required|roles?_accepted|require_roles?|requires_roles?|scopes?_required|requires_scopes?|require_scopes?|permission_classes|require_context|require_admin_context|requires_role|protect|protected)$/,
  },
  {
    kind: 'authentication',
    name: /^(?:\w+_)?(login_required|requires?_login|auth_required|requires?_auth(entication|enticated)?|authenticated|require_authenticated|jwt_required|fresh_jwt_required|token_required|require_token|api_key_required|require_api_key|token_auth_required|authentication_classes|http_auth_required|auth_token_required|basic_auth_required|authenticated_required|requires_session|session_required|login_required_api)$/,
  },
  { kind: 'csrf', name: /^(csrf_protect|requires_csrf_token|ensure_csrf|csrf_protected)$/ },
  { kind: 'method', name: /^require_(?:POST|http_methods|safe)$/ },
  { kind: 'throttle', name: /^(ratelimit|rate_limit|rate_limited|throttle|throttle_classes|throttled)$/ },
  { kind: 'lock', name: /^(synchronized|with_lock|locked)$/ },
];

/** Calls inside a function that end it when the caller may not go on. */
export const CHECKING_CALLS =
  /^(enforce|authorize|check_permissions?|check_object_permissions?|require_permissions?|assert_permissions?|verify_permissions?|ensure_permissions?|raise_for_access|check_policy|check_authorization|require_admin|assert_can_\w+|check_access|check_is_admin|verify_deploy_policy|enforce_(?:policy|acl|call)|has_perms?|has_permission|has_object_permission)$/;

/** Names of dependencies that stand for a check of the caller: FastAPI's `Depends(get_current_user)`. */
export const CHECKING_DEPENDENCY =
  /(^|_)(current_(active_)?(super)?user|auth\w*|login|logged_in|permissions?|roles?|admin|superuser|scopes?|api_?key|verify_\w*|token|oauth2\w*|bearer|credentials|security|access)(_|$)/i;

/** Mixins of class-based views. */
export const ACCESS_MIXINS: readonly { readonly kind: ControlKindName; readonly name: RegExp }[] = [
  {
    kind: 'authorization',
    name: /(^|\.)(PermissionRequiredMixin|UserPassesTestMixin|SuperuserRequiredMixin|StaffRequiredMixin|AdminRequiredMixin|StaffuserRequiredMixin|GroupRequiredMixin)$/,
  },
  { kind: 'authentication', name: /(^|\.)(LoginRequiredMixin|AuthRequiredMixin|AccessMixin)$/ },
];

/** Keyword arguments that protect, with the calls that take them. */
export const PROTECTING_ARGUMENTS: ReadonlyMap<
  string,
  { readonly kind: ControlKindName; readonly value: RegExp; readonly callee: RegExp }
> = new Map([
  [
    'timeout',
    {
      kind: 'timeout',
      value: /^(?!None$)/,
      callee:
        /^(requests|httpx|regex|urllib|urllib\.request|session|self\.session|self\._session|client|http|socket|subprocess)\..*|(^|\.)urlopen$|(^|\.)create_connection$/,
    },
  ],
  [
    'allow_redirects',
    {
      kind: 'redirects',
      value: /^False$/,
      callee: /(^|\.)(?:get|post|put|patch|delete|head|options|request|send|fetch|stream)$/,
    },
  ],
  [
    'follow_redirects',
    {
      kind: 'redirects',
      value: /^False$/,
      callee: /(^|\.)(?:get|post|put|patch|delete|head|options|request|send|stream|(?:Async)?Client)$/,
    },
  ],
  [
    'filter',
    {
      kind: 'archive-filter',
      value: /^['"](data|tar)['"]$|data_filter$|tar_filter$/,
      callee: /(^|\.)(extractall|extract|unpack_archive)$/,
    },
  ],
  [
    'secure',
    {
      kind: 'cookie-flag',
      value: /^(?!False$|None$)/,
      callee: /(^|\.)(set_cookie|set_signed_cookie|set_secure_cookie)$/,
    },
  ],
  [
    'httponly',
    {
      kind: 'cookie-flag',
      value: /^(?!False$|None$)/,
      callee: /(^|\.)(set_cookie|set_signed_cookie|set_secure_cookie)$/,
    },
  ],
  [
    'samesite',
    {
      kind: 'cookie-flag',
      value: /^(?!None$|['"]none['"]$)/i,
      callee: /(^|\.)(set_cookie|set_signed_cookie)$/,
    },
  ],
  [
    'autoescape',
    {
      kind: 'autoescape',
      value: /^(?!False$|None$)/,
      callee: /(^|\.)(Environment|Template|NativeEnvironment|SandboxedEnvironment)$/,
    },
  ],
  [
    'resolve_entities',
    {
      kind: 'xml-limit',
      value: /^False$/,
      callee: /(^|\.)(XMLParser|ETCompatXMLParser|HTMLParser|iterparse)$/,
    },
  ],
  ['Loader', { kind: 'plain-data', value: /(^|\.)C?(Safe|Base)Loader$/, callee: /(^|\.)load(_all)?$/ }],
  [
    'parser',
    {
      kind: 'xml-limit',
      value: /safe|secure|resolve_entities\s*=\s*False/i,
      callee: /(^|\.)(fromstring|fromstringlist|parse|iterparse|XML)$/,
    },
  ],
  ['algorithms', { kind: 'token-algorithms', value: /./, callee: /(^|\.)decode$/ }],
] as const);

/** Headers of a response by which browsers protect a page. */
export const PROTECTING_HEADERS =
  /^(?:X-Frame-Options|X-Content-Type-Options|Content-Security-Policy|Strict-Transport-Security)$/i;

/** Settings that turn on a protection which is off without them, by name; values as written. */
export const PROTECTING_SETTINGS: ReadonlyMap<string, RegExp> = new Map([
  ['SESSION_COOKIE_SECURE', /^True$/],
  ['CSRF_COOKIE_SECURE', /^True$/],
  ['REMEMBER_COOKIE_SECURE', /^True$/],
  ['SECURE_SSL_REDIRECT', /^True$/],
  ['SECURE_HSTS_SECONDS', /^[1-9]/],
  ['SECURE_HSTS_INCLUDE_SUBDOMAINS', /^True$/],
  ['AUTH_PASSWORD_VALIDATORS', /^[[(]\s*[^\])\s]/],
]);

/** Entries of MIDDLEWARE whose absence takes a protection away. */
export const PROTECTING_MIDDLEWARE: ReadonlyMap<string, ControlKindName> = new Map<string, ControlKindName>([
  ['django.middleware.csrf.CsrfViewMiddleware', 'csrf'],
  ['django.middleware.security.SecurityMiddleware', 'setting'],
  ['django.middleware.clickjacking.XFrameOptionsMiddleware', 'setting'],
  ['django.contrib.auth.middleware.AuthenticationMiddleware', 'authentication'],
  ['django.contrib.auth.middleware.LoginRequiredMiddleware', 'authentication'],
  ['csp.middleware.CSPMiddleware', 'setting'],
  ['axes.middleware.AxesMiddleware', 'throttle'],
]);

export const REFUSALS =
  /^(PermissionDenied|Forbidden|HTTPForbidden|HTTPUnauthorized|Unauthorized|NotAuthorized|PolicyNotAuthorized|AdminRequired|AccessDenied)$/;
/** Longer statements are not written again without one of their calls. */
export const MOST_TEXT = 2_000;
/** Conditions of more parts are no check of a value. */
export const MOST_PARTS = 8;
/** Calls that make an answer, or an exception that becomes one. */
export const ANSWERS = /^(?:abort|HTTPException|HTTPError|\w*Response|\w+_response)$/;
/** Decorators of functions that are called before requests. */
export const BEFORE_REQUESTS = /^before_(?:app_)?request$/;
/** Calls that take dependencies for all routes of a router. */
export const TAKES_DEPENDENCIES = /^(?:include_router|APIRouter|FastAPI|add_api_route)$/;
export const SETS_MODE = /^(?:open|chmod|mkdir|makedirs)$/;
/** `0o600`, `0600` of Python 2, `stat.S_IRUSR | stat.S_IWUSR` */
export const OWNER_ONLY =
  /^0o?[4-7]00$|^(?:\w+\.)?S_I[RWX]+U(?:SR)?(?:\s*\|\s*(?:\w+\.)?S_I[RWX]+U(?:SR)?)*$/;
export const SANDBOX = /^(?:Immutable)?SandboxedEnvironment$/;
export const LOCK = /(^|_)(r?lock|mutex|semaphore|synchronized|critical_section)s?(_|$)|_lock\w*$/i;
/** Methods that forms, serializers and models are asked by for what is given for a field. */
export const VALIDATORS = /^(?:clean|validate)_[a-z]\w*$/;
/** What takes markup out of a text. */
export const SANITIZES = /\b(?:bleach|nh3)\.clean\(|\b(?:sanitize|clean)_html\(|\bstrip_tags\(|\bescape\(/;
