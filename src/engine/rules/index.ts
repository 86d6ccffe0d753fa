import { adminClientInTests } from './admin-client-in-tests.ts';
import { archivePathTraversal } from './archive-path-traversal.ts';
import { argumentInjection } from './argument-injection.ts';
import { assertAsCheck } from './assert-as-check.ts';
import { bindAllInterfaces } from './bind-all-interfaces.ts';
import { certificateNotCheckedByDefault } from './certificate-not-checked-by-default.ts';
import { certificateValidationDisabled } from './certificate-validation-disabled.ts';
import { checkThenUse } from './check-then-use.ts';
import { cleartextLogging } from './cleartext-logging.ts';
import { cleartextProtocol } from './cleartext-protocol.ts';
import { cleartextStorage } from './cleartext-storage.ts';
import { clientAddressSpoofing } from './client-address-spoofing.ts';
import { codeInjection } from './code-injection.ts';
import { connectionStringInCode } from './connection-string-in-code.ts';
import { containerInjection } from './container-injection.ts';
import { cookieInjection } from './cookie-injection.ts';
import { corsTooWide } from './cors-too-wide.ts';
import { crossSiteScripting } from './cross-site-scripting.ts';
import { csrfProtectionDisabled } from './csrf-protection-disabled.ts';
import { csvInjection } from './csv-injection.ts';
import { debugEnabled } from './debug-enabled.ts';
import { decompressionBomb } from './decompression-bomb.ts';
import { dynamicCodeEvaluation } from './dynamic-code-evaluation.ts';
import { elevatedContext } from './elevated-context.ts';
import { emailInjection } from './email-injection.ts';
import { emptyPassword } from './empty-password.ts';
import { endlessRetry } from './endless-retry.ts';
import { environmentInjection } from './environment-injection.ts';
import { exceptionTextExposure } from './exception-text-exposure.ts';
import { formDataPastValidation } from './form-data-past-validation.ts';
import { formatStringInjection } from './format-string-injection.ts';
import { graphqlLimits } from './graphql-limits.ts';
import { hardcodedCredentials } from './hardcoded-credentials.ts';
import { hardcodedFrameworkSecret } from './hardcoded-framework-secret.ts';
import { hardcodedIpAddress } from './hardcoded-ip-address.ts';
import { headerInjection } from './header-injection.ts';
import { hostHeaderPoisoning } from './host-header-poisoning.ts';
import { hostnameVerificationDisabled } from './hostname-verification-disabled.ts';
import { htmlBuiltAsText } from './html-built-as-text.ts';
import { htmlBuiltFromInput } from './html-built-from-input.ts';
import { htmlSafetyClaimed } from './html-safety-claimed.ts';
import { httpoxy } from './httpoxy.ts';
import { iamPrivilegeEscalation } from './iam-privilege-escalation.ts';
import { incompleteHtmlFilter } from './incomplete-html-filter.ts';
import { incompletePathCheck } from './incomplete-path-check.ts';
import { incompleteUrlCheck } from './incomplete-url-check.ts';
import { ineffectiveAuthHook } from './ineffective-auth-hook.ts';
import { insecureBucketSettings } from './insecure-bucket-settings.ts';
import { insecureCookie } from './insecure-cookie.ts';
import { insecureFrameworkSettings } from './insecure-framework-settings.ts';
import { insecureRandomness } from './insecure-randomness.ts';
import { insecureTemporaryFile } from './insecure-temporary-file.ts';
import { instanceMetadataWithoutToken } from './instance-metadata-without-token.ts';
import { integerTruncation } from './integer-truncation.ts';
import { javascriptCodeInjection } from './javascript-code-injection.ts';
import { jwtNotVerified } from './jwt-not-verified.ts';
import { keyRotationDisabled } from './key-rotation-disabled.ts';
import { ldapAuthentication } from './ldap-authentication.ts';
import { ldapInjection } from './ldap-injection.ts';
import { localsAsTemplateContext } from './locals-as-template-context.ts';
import { lockMisuse } from './lock-misuse.ts';
import { logInjection } from './log-injection.ts';
import { loggingConfigListen } from './logging-config-listen.ts';
import { markupNotEscaped } from './markup-not-escaped.ts';
import { massAssignment } from './mass-assignment.ts';
import { missingAuthorization } from './missing-authorization.ts';
import { missingNoLog } from './missing-no-log.ts';
import { missingThrottling } from './missing-throttling.ts';
import { missingTimeout } from './missing-timeout.ts';
import { mongodbLegacyAuthentication } from './mongodb-legacy-authentication.ts';
import { nanInjection } from './nan-injection.ts';
import { nosqlInjection } from './nosql-injection.ts';
import { openIngress } from './open-ingress.ts';
import { openRedirect } from './open-redirect.ts';
import { osCommandInjection } from './os-command-injection.ts';
import { pamAccountNotChecked } from './pam-account-not-checked.ts';
import { partialExecutablePath } from './partial-executable-path.ts';
import { passwordNotValidated } from './password-not-validated.ts';
import { pathTraversal } from './path-traversal.ts';
import { personalDataInLogs } from './personal-data-in-logs.ts';
import { pickleOfUnknownOrigin } from './pickle-of-unknown-origin.ts';
import { plaintextPasswordStorage } from './plaintext-password-storage.ts';
import { privateKeyExposed } from './private-key-exposed.ts';
import { privilegeDrop } from './privilege-drop.ts';
import { privilegedContainer } from './privileged-container.ts';
import { processSignalInjection } from './process-signal-injection.ts';
import { promptInjection } from './prompt-injection.ts';
import { publicCloudStorage } from './public-cloud-storage.ts';
import { publicClusterEndpoint } from './public-cluster-endpoint.ts';
import { publicNetworkAccess } from './public-network-access.ts';
import { queryFieldsFromInput } from './query-fields-from-input.ts';
import { redos } from './redos.ts';
import { regexInjection } from './regex-injection.ts';
import { remoteCommandInjection } from './remote-command-injection.ts';
import { requestDataWrittenToFile } from './request-data-written-to-file.ts';
import { requestPathFromInput } from './request-path-from-input.ts';
import { resourceLeak } from './resource-leak.ts';
import { reverseShell } from './reverse-shell.ts';
import { rightsDecidedByClient } from './rights-decided-by-client.ts';
import type { Rule } from './rule.ts';
import { secretInResponse } from './secret-in-response.ts';
import { securityControlRemoved } from './security-control-removed.ts';
import { securityHeaderWeakened } from './security-header-weakened.ts';
import { serverSideRequestForgery } from './server-side-request-forgery.ts';
import { shellCommandBuilt } from './shell-command-built.ts';
import { shellWildcardInjection } from './shell-wildcard-injection.ts';
import { sqlExpressionTemplate } from './sql-expression-template.ts';
import { sqlInjection } from './sql-injection.ts';
import { sqlStringFormatting } from './sql-string-formatting.ts';
import { sshHostKeyNotChecked } from './ssh-host-key-not-checked.ts';
import { stackTraceExposure } from './stack-trace-exposure.ts';
import { swallowedException } from './swallowed-exception.ts';
import { templateAutoescapeDisabled } from './template-autoescape-disabled.ts';
import { templateInjection } from './template-injection.ts';
import { templateNameNotEscaped } from './template-name-not-escaped.ts';
import { templateValueExposed } from './template-value-exposed.ts';
import { testCleanupTooLate } from './test-cleanup-too-late.ts';
import { testDoubleInProduction } from './test-double-in-production.ts';
import { testPrivateKeyUse } from './test-private-key-use.ts';
import { testReachesNetwork } from './test-reaches-network.ts';
import { timingUnsafeComparison } from './timing-unsafe-comparison.ts';
import { trojanSource } from './trojan-source.ts';
import { trustBoundaryViolation } from './trust-boundary-violation.ts';
import { truthOfText } from './truth-of-text.ts';
import { unauthenticatedApi } from './unauthenticated-api.ts';
import { unboundedResourceUse } from './unbounded-resource-use.ts';
import { unboundedUnicodeNormalization } from './unbounded-unicode-normalization.ts';
import { uncheckedCommandResult } from './unchecked-command-result.ts';
import { unencryptedCloudStorage } from './unencrypted-cloud-storage.ts';
import { unhandledConversion } from './unhandled-conversion.ts';
import { unicodeAfterValidation } from './unicode-after-validation.ts';
import { unpinnedModelDownload } from './unpinned-model-download.ts';
import { unrestrictedEgress } from './unrestricted-egress.ts';
import { unrestrictedUpload } from './unrestricted-upload.ts';
import { unsafeDeserialization } from './unsafe-deserialization.ts';
import { unsafeReflection } from './unsafe-reflection.ts';
import { unsafeYamlLoad } from './unsafe-yaml-load.ts';
import { unscopedObjectLookup } from './unscoped-object-lookup.ts';
import { unsynchronisedSharedState } from './unsynchronised-shared-state.ts';
import { untrustedImport } from './untrusted-import.ts';
import { unvalidatedResourceCreation } from './unvalidated-resource-creation.ts';
import { unvalidatedResourceSettings } from './unvalidated-resource-settings.ts';
import { urlHostFromInput } from './url-host-from-input.ts';
import { urlSchemeNotRestricted } from './url-scheme-not-restricted.ts';
import { viewOpenToEverybody } from './view-open-to-everybody.ts';
import { weakCipher } from './weak-cipher.ts';
import { weakHash } from './weak-hash.ts';
import { weakKeySize } from './weak-key-size.ts';
import { weakPasswordStorage } from './weak-password-storage.ts';
import { weakTlsVersion } from './weak-tls-version.ts';
import { wideIamPolicy } from './wide-iam-policy.ts';
import { wideRbacRole } from './wide-rbac-role.ts';
import { worldAccessiblePermissions } from './world-accessible-permissions.ts';
import { xmlEntityExpansion } from './xml-entity-expansion.ts';
import { xmlExternalEntities } from './xml-external-entities.ts';
import { xmlInjection } from './xml-injection.ts';
import { xmlParserImport } from './xml-parser-import.ts';
import { xmlSignatureNotVerified } from './xml-signature-not-verified.ts';
import { xpathInjection } from './xpath-injection.ts';
import { xsltInjection } from './xslt-injection.ts';

/** All rules, by id. */
export const RULES: readonly Rule[] = [
  adminClientInTests,
  archivePathTraversal,
  argumentInjection,
  assertAsCheck,
  bindAllInterfaces,
  certificateNotCheckedByDefault,
  certificateValidationDisabled,
  checkThenUse,
  cleartextLogging,
  cleartextProtocol,
  cleartextStorage,
  clientAddressSpoofing,
  codeInjection,
  connectionStringInCode,
  containerInjection,
  cookieInjection,
  corsTooWide,
  crossSiteScripting,
  csrfProtectionDisabled,
  csvInjection,
  debugEnabled,
  decompressionBomb,
  dynamicCodeEvaluation,
  elevatedContext,
  emailInjection,
  emptyPassword,
  endlessRetry,
  environmentInjection,
  exceptionTextExposure,
  formDataPastValidation,
  formatStringInjection,
  graphqlLimits,
  hardcodedCredentials,
  hardcodedFrameworkSecret,
  hardcodedIpAddress,
  headerInjection,
  hostHeaderPoisoning,
  hostnameVerificationDisabled,
  htmlBuiltAsText,
  htmlBuiltFromInput,
  htmlSafetyClaimed,
  httpoxy,
  iamPrivilegeEscalation,
  incompleteHtmlFilter,
  incompletePathCheck,
  incompleteUrlCheck,
  ineffectiveAuthHook,
  insecureBucketSettings,
  insecureCookie,
  insecureFrameworkSettings,
  insecureRandomness,
  insecureTemporaryFile,
  instanceMetadataWithoutToken,
  integerTruncation,
  javascriptCodeInjection,
  jwtNotVerified,
  keyRotationDisabled,
  ldapAuthentication,
  ldapInjection,
  localsAsTemplateContext,
  lockMisuse,
  logInjection,
  loggingConfigListen,
  markupNotEscaped,
  massAssignment,
  missingAuthorization,
  missingNoLog,
  missingThrottling,
  missingTimeout,
  mongodbLegacyAuthentication,
  nanInjection,
  nosqlInjection,
  openIngress,
  openRedirect,
  osCommandInjection,
  pamAccountNotChecked,
  partialExecutablePath,
  passwordNotValidated,
  pathTraversal,
  personalDataInLogs,
  pickleOfUnknownOrigin,
  plaintextPasswordStorage,
  privateKeyExposed,
  privilegeDrop,
  privilegedContainer,
  processSignalInjection,
  promptInjection,
  publicCloudStorage,
  publicClusterEndpoint,
  publicNetworkAccess,
  queryFieldsFromInput,
  redos,
  regexInjection,
  remoteCommandInjection,
  requestDataWrittenToFile,
  requestPathFromInput,
  resourceLeak,
  reverseShell,
  rightsDecidedByClient,
  secretInResponse,
  securityControlRemoved,
  securityHeaderWeakened,
  serverSideRequestForgery,
  shellCommandBuilt,
  shellWildcardInjection,
  sqlExpressionTemplate,
  sqlInjection,
  sqlStringFormatting,
  sshHostKeyNotChecked,
  stackTraceExposure,
  swallowedException,
  templateAutoescapeDisabled,
  templateInjection,
  templateNameNotEscaped,
  templateValueExposed,
  testCleanupTooLate,
  testDoubleInProduction,
  testPrivateKeyUse,
  testReachesNetwork,
  timingUnsafeComparison,
  trojanSource,
  trustBoundaryViolation,
  truthOfText,
  unauthenticatedApi,
  unboundedResourceUse,
  unboundedUnicodeNormalization,
  uncheckedCommandResult,
  unencryptedCloudStorage,
  unhandledConversion,
  unicodeAfterValidation,
  unpinnedModelDownload,
  unrestrictedEgress,
  unrestrictedUpload,
  unsafeDeserialization,
  unsafeReflection,
  unsafeYamlLoad,
  unscopedObjectLookup,
  unsynchronisedSharedState,
  untrustedImport,
  unvalidatedResourceCreation,
  unvalidatedResourceSettings,
  urlHostFromInput,
  urlSchemeNotRestricted,
  viewOpenToEverybody,
  weakCipher,
  weakHash,
  weakKeySize,
  weakPasswordStorage,
  weakTlsVersion,
  wideIamPolicy,
  wideRbacRole,
  worldAccessiblePermissions,
  xmlEntityExpansion,
  xmlExternalEntities,
  xmlInjection,
  xmlParserImport,
  xmlSignatureNotVerified,
  xpathInjection,
  xsltInjection,
];
