//! The statuses of HTTP with their reasons and their keys in English and Russian.

use super::Language;

/// A status.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Status {
    /// The number.
    pub code: u16,
    /// The key in English, for example `NotFound_404`.
    pub english: &'static str,
    /// The key in Russian, for example `НеНайдено_404`.
    pub russian: &'static str,
    /// The reason, for example `Not Found`.
    pub reason: &'static str,
}

/// Every status that has a name, by its number: those of the registry, and those that servers,
/// proxies and networks of delivery are known to send.
#[must_use]
pub const fn statuses() -> &'static [Status] {
    STATUSES
}

/// The status as text: `404: Not Found`; a number that has no name is said to be unknown.
#[must_use]
pub fn presentation(code: u16, language: Language) -> String {
    let found = STATUSES.binary_search_by_key(&code, |status| status.code);
    let reason = match (found.ok().and_then(|at| STATUSES.get(at)), language) {
        (Some(status), _) => status.reason,
        (None, Language::English) => "Unknown HTTP status code",
        (None, Language::Russian) => "Неизвестный код состояния HTTP",
    };
    format!("{code}: {reason}")
}

const fn row(
    code: u16,
    english: &'static str,
    russian: &'static str,
    reason: &'static str,
) -> Status {
    Status { code, english, russian, reason }
}

const STATUSES: &[Status] = &[
    row(100, "Continue_100", "Продолжай_100", "Continue"),
    row(101, "SwitchingProtocols_101", "ПереключениеПротокола_101", "Switching Protocols"),
    row(102, "Processing_102", "ИдетОбработка_102", "Processing"),
    row(103, "EarlyHints_103", "РанняяМетаинформация_103", "Early Hints"),
    row(200, "OK_200", "ОК_200", "OK"),
    row(201, "Created_201", "Создано_201", "Created"),
    row(202, "Accepted_202", "Принято_202", "Accepted"),
    row(
        203,
        "NonAuthoritativeInformation_203",
        "ИнформацияНеАвторитетна_203",
        "Non-Authoritative Information",
    ),
    row(204, "NoContent_204", "НетСодержимого_204", "No Content"),
    row(205, "ResetContent_205", "СброситьСодержимое_205", "Reset Content"),
    row(206, "PartialContent_206", "ЧастичноеСодержимое_206", "Partial Content"),
    row(207, "MultiStatus_207", "Многостатусный_207", "Multi-Status"),
    row(208, "AlreadyReported_208", "УжеСообщалось_208", "Already Reported"),
    row(226, "IMUsed_226", "ИспользованоIM_226", "IM Used"),
    row(300, "MultipleChoices_300", "МножествоВыборов_300", "Multiple Choices"),
    row(301, "MovedPermanently_301", "ПеремещеноНавсегда_301", "Moved Permanently"),
    row(302, "MovedTemporarily_302", "ПеремещеноВременно_302", "Moved Temporarily"),
    row(303, "SeeOther_303", "СмотретьДругое_303", "See Other"),
    row(304, "NotModified_304", "НеИзменялось_304", "Not Modified"),
    row(305, "UseProxy_305", "ИспользоватьПрокси_305", "Use Proxy"),
    row(306, "Unused_306", "НеИспользуется_306", "Unused"),
    row(307, "TemporaryRedirect_307", "ВременноеПеренаправление_307", "Temporary Redirect"),
    row(308, "PermanentRedirect_308", "ПостоянноеПеренаправление_308", "Permanent Redirect"),
    row(400, "BadRequest_400", "НеверныйЗапрос_400", "Bad Request"),
    row(401, "Unauthorized_401", "НеАвторизован_401", "Unauthorized"),
    row(402, "PaymentRequired_402", "НеобходимаОплата_402", "Payment Required"),
    row(403, "Forbidden_403", "Запрещено_403", "Forbidden"),
    row(404, "NotFound_404", "НеНайдено_404", "Not Found"),
    row(405, "MethodNotAllowed_405", "МетодНеПоддерживается_405", "Method Not Allowed"),
    row(406, "NotAcceptable_406", "Неприемлемо_406", "Not Acceptable"),
    row(
        407,
        "ProxyAuthenticationRequired_407",
        "НеобходимаАутентификацияПрокси_407",
        "Proxy Authentication Required",
    ),
    row(408, "RequestTimeout_408", "ИстеклоВремяОжидания_408", "Request Timeout"),
    row(409, "Conflict_409", "Конфликт_409", "Conflict"),
    row(410, "Gone_410", "Удален_410", "Gone"),
    row(411, "LengthRequired_411", "НеобходимаДлина_411", "Length Required"),
    row(412, "PreconditionFailed_412", "УсловиеЛожно_412", "Precondition Failed"),
    row(413, "PayloadTooLarge_413", "ПолезнаяНагрузкаСлишкомВелика_413", "Payload Too Large"),
    row(414, "URITooLong_414", "СлишкомДлинныйURI_414", "URI Too Long"),
    row(415, "UnsupportedMediaType_415", "НеподдерживаемыйТипДанных_415", "Unsupported Media Type"),
    row(416, "RangeNotSatisfiable_416", "ДиапазонНеДостижим_416", "Range Not Satisfiable"),
    row(417, "ExpectationFailed_417", "ОжиданиеНеУдалось_417", "Expectation Failed"),
    row(418, "ImATeapot_418", "ЯЧайник_418", "I'm a Teapot"),
    row(419, "AuthenticationTimeout_419", "ОшибкаПроверкиCSRF_419", "Authentication Timeout"),
    row(421, "MisdirectedRequest_421", "НеправильноНаправленныйЗапрос_421", "Misdirected Request"),
    row(422, "UnprocessableEntity_422", "НеобрабатываемыйЭкземпляр_422", "Unprocessable Entity"),
    row(423, "Locked_423", "Заблокировано_423", "Locked"),
    row(424, "FailedDependency_424", "НевыполненнаяЗависимость_424", "Failed Dependency"),
    row(425, "TooEarly_425", "СлишкомРано_425", "Too Early"),
    row(426, "UpgradeRequired_426", "НеобходимоОбновление_426", "Upgrade Required"),
    row(427, "Unassigned_427", "НеНазначен_427", "Unassigned"),
    row(428, "PreconditionRequired_428", "НеобходимоПредусловие_428", "Precondition Required"),
    row(429, "TooManyRequests_429", "СлишкомМногоЗапросов_429", "Too Many Requests"),
    row(430, "SecurityRejection_430", "ОтклоненоЗащитой_430", "Security Rejection"),
    row(
        431,
        "RequestHeaderFieldsTooLarge_431",
        "ПоляЗаголовкаЗапросаСлишкомБольшие_431",
        "Request Header Fields Too Large",
    ),
    row(440, "LoginTimeout_440", "ВремяВходаИстекло_440", "Login Timeout"),
    row(444, "NoResponse_444", "НетОтвета_444", "No Response"),
    row(449, "RetryWith_449", "ПовторитьС_449", "Retry With"),
    row(
        451,
        "UnavailableForLegalReasons_451",
        "НедоступноПоЮридическимПричинам_451",
        "Unavailable For Legal Reasons",
    ),
    row(
        494,
        "RequestHeaderTooLarge_494",
        "ЗаголовокЗапросаСлишкомБольшой_494",
        "Request Header Too Large",
    ),
    row(495, "SSLCertificateError_495", "ОшибкаСертификатаSSL_495", "SSL Certificate Error"),
    row(
        496,
        "SSLCertificateRequired_496",
        "НеобходимСертификатSSL_496",
        "SSL Certificate Required",
    ),
    row(
        497,
        "HTTPRequestSentToHTTPSPort_497",
        "ЗапросHTTPОтправленНаПортHTTPS_497",
        "HTTP Request Sent to HTTPS Port",
    ),
    row(498, "InvalidToken_498", "НедействительныйТокен_498", "Invalid Token"),
    row(499, "ClientClosedRequest_499", "КлиентЗакрылСоединение_499", "Client Closed Request"),
    row(500, "InternalServerError_500", "ВнутренняяОшибкаСервера_500", "Internal Server Error"),
    row(501, "NotImplemented_501", "НеРеализовано_501", "Not Implemented"),
    row(502, "BadGateway_502", "ОшибочныйШлюз_502", "Bad Gateway"),
    row(503, "ServiceUnavailable_503", "СервисНедоступен_503", "Service Unavailable"),
    row(504, "GatewayTimeout_504", "ШлюзНеОтвечает_504", "Gateway Timeout"),
    row(
        505,
        "HTTPVersionNotSupported_505",
        "ВерсияHTTPНеПоддерживается_505",
        "HTTP Version Not Supported",
    ),
    row(
        506,
        "VariantAlsoNegotiates_506",
        "ВариантТожеПроводитСогласование_506",
        "Variant Also Negotiates",
    ),
    row(507, "InsufficientStorage_507", "ПереполнениеХранилища_507", "Insufficient Storage"),
    row(508, "LoopDetected_508", "ОбнаруженоБесконечноеПеренаправление_508", "Loop Detected"),
    row(
        509,
        "BandwidthLimitExceeded_509",
        "ИсчерпанаПропускнаяШиринаКанала_509",
        "Bandwidth Limit Exceeded",
    ),
    row(510, "NotExtended_510", "НеРасширено_510", "Not Extended"),
    row(
        511,
        "NetworkAuthenticationRequired_511",
        "ТребуетсяСетеваяАутентификация_511",
        "Network Authentication Required",
    ),
    row(520, "UnknownError_520", "НеизвестнаяОшибка_520", "Unknown Error"),
    row(521, "WebServerIsDown_521", "ВебСерверНеРаботает_521", "Web Server Is Down"),
    row(522, "ConnectionTimedOut_522", "СоединениеНеОтвечает_522", "Connection Timed Out"),
    row(523, "OriginIsUnreachable_523", "ИсточникНедоступен_523", "Origin Is Unreachable"),
    row(524, "ATimeoutOccurred_524", "ВремяОжиданияИстекло_524", "A Timeout Occurred"),
    row(525, "SSLHandshakeFailed_525", "КвитированиеSSНеУдалось_525", "SSL Handshake Failed"),
    row(
        526,
        "InvalidSSLCertificate_526",
        "НедействительныйСертификатSSL_526",
        "Invalid SSL Certificate",
    ),
    row(527, "RailgunError_527", "ОшибкаRailgun_527", "Railgun Error"),
    row(530, "OriginDNSError_530", "ОшибкаDNSИсточника_530", "Origin DNS Error"),
    row(598, "NetworkReadTimeout_598", "СетевоеЧтениеНеОтвечает_598", "Network Read Timeout"),
    row(
        599,
        "NetworkConnectTimeout_599",
        "СетевоеСоединениеНеОтвечает_599",
        "Network Connect Timeout",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_stand_in_order_once_and_their_keys_end_with_them() {
        assert!(STATUSES.is_sorted_by(|one, next| one.code < next.code));
        assert_eq!(STATUSES.len(), 87);
        for Status { code, english, russian, .. } in STATUSES {
            let end = format!("_{code}");
            assert!(english.ends_with(&end) && russian.ends_with(&end), "{code}");
        }
    }

    ///
    #[test]
    fn a_status_is_shown_with_its_reason() {
        assert_eq!(presentation(400, Language::Russian), "400: Bad Request");
        assert_eq!(presentation(488, Language::Russian), "488: Неизвестный код состояния HTTP");
        assert_eq!(presentation(488, Language::English), "488: Unknown HTTP status code");
        assert_eq!(presentation(599, Language::English), "599: Network Connect Timeout");
    }
}
