/// Whether the code of a finished call means that it failed.
enum CallCode {
    private static let rejections: Set<Int> = [401, 403, 429]

    /// `ok`, 2xx and 3xx are good; so are 4xx answers, which are the caller's business, except those that reject the
    /// caller itself.
    ///
    /// Every other word, status or SQLSTATE is a failure.
    static func isError(_ code: String) -> Bool {
        if code == "ok" || code == "00000" { return false }
        guard code.utf8.count == 3, let status = Int(code) else { return true }
        return status >= 500 || rejections.contains(status)
    }
}
