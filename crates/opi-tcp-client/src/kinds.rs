//! The failures of this crate's own, a row each.

opi_net::error_kinds! {
    /// A failure that neither the network nor a proxy nor a codec caused.
    pub enum ClientErrorKind {
        /// The bytes that came are no text in the encoding.
        BadText {
            code: "client_bad_text",
            who: "peer",
            words: "the bytes are no text in the encoding",
            english: "Check which encoding the other side sends, or have wrong bytes replaced.",
            russian: "Проверьте, в какой кодировке передаёт другая сторона, или замените неверные байты.",
        }
        /// Bytes came unencrypted before the encryption began.
        EarlyBytes {
            code: "client_early_bytes",
            who: "peer",
            words: "bytes came unencrypted before the encryption began",
            english: "Do not trust this connection: somebody may have put them in. Use a port that is encrypted from the start.",
            russian: "Не доверяйте этому соединению: данные мог подставить посторонний. Используйте порт с шифрованием с самого начала.",
        }
        /// The peer refused the greeting, for example a login.
        GreetingRefused {
            code: "client_greeting_refused",
            who: "caller",
            words: "the peer refused the greeting",
            english: "Check the login, and what the other side expects first.",
            russian: "Проверьте имя и пароль и чего другая сторона ждёт вначале.",
        }
        /// The text has a character that the encoding has not.
        NotEncodable {
            code: "client_not_encodable",
            who: "caller",
            words: "the encoding does not have the character",
            english: "Change the text, or agree on UTF-8 with the other side.",
            russian: "Измените текст или договоритесь с другой стороной о UTF-8.",
        }
        /// The answer to an earlier request may still come, or something came unasked.
        OutOfStep {
            code: "client_out_of_step",
            who: "caller",
            words: "the answer to an earlier request may still come",
            english: "Open a new connection, or match answers to requests by what is in them.",
            russian: "Откройте новое соединение или сопоставляйте ответы с запросами по содержимому.",
        }
        /// There is no encoding of that name.
        UnknownEncoding {
            code: "client_unknown_encoding",
            who: "caller",
            words: "there is no such encoding",
            english: "Give a name of the WHATWG Encoding Standard, such as UTF-8, windows-1251 or IBM866.",
            russian: "Укажите имя из стандарта WHATWG Encoding: UTF-8, windows-1251, IBM866 и другие.",
        }
    }
}

impl ClientErrorKind {
    /// The kind in words, for errors that have no better ones.
    pub(crate) const fn plain(self) -> &'static str {
        self.words()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_the_clients_and_unique() {
        let mut codes: Vec<_> = ClientErrorKind::ALL.iter().map(|kind| kind.code()).collect();
        assert!(codes.iter().all(|code| code.starts_with("client_")));
        codes.dedup();
        assert_eq!(codes.len(), ClientErrorKind::ALL.len());
    }
}
