/// The name by which the receiver knows that two messages are about one page.
enum PageFingerprint {
    /// FNV-1a over the labels that make an alert: name and journey.
    ///
    /// The same journey always gives the same name.
    static func of(journey: String, alert: String = AlertmanagerMessage.alertName) -> String {
        let hash = "\(alert)\u{0}\(journey)".utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
