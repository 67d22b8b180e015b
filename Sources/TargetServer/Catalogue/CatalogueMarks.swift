import OpsModel
import OpsService

/// Counts which products of a list are sold out in the printed catalogue, behind the flag `catalogue-marks`.
///
/// Not finished: what it costs grows with the number of the volume. A limit of tries, for a whole list, and one list at a time keep
/// the process alive.
struct CatalogueMarks: Sendable {
    /// A third of a second of one processor, or about that.
    private static let limit = 80_000_000
    private static let patience: Duration = .milliseconds(500)

    let flags: FlagBoard
    let logger: Logger
    private let turnstile = Turnstile(limit: 1)

    init(flags: FlagBoard, logger: Logger) {
        self.flags = flags
        self.logger = logger
    }

    /// Nil while the flag is off, and for a list that could not be worked out.
    func soldOut(in list: [UInt8]) async -> Int? {
        guard flags.isOn("catalogue-marks"), let document = try? OpsJSON.decode(JSONValue.self, from: list) else {
            return nil  // the answer goes out as it is
        }
        let products = (document["data"]?.arrayValue ?? []).compactMap { $0["id"]?.intValue }
        return await turnstile.pass(within: Self.patience) { count(products) } ?? nil
    }

    private func count(_ products: [Int]) -> Int? {
        var limit = Self.limit
        var found = 0
        for product in products {
            guard let isSoldOut = PrintedVolume(product: product).isSoldOut(within: &limit) else {
                logger.warning("catalogue marks were given up at the limit of tries", ["product": .int(product)])
                return nil
            }
            if isSoldOut { found += 1 }
        }
        return found
    }
}
