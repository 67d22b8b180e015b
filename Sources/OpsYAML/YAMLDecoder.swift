internal import OpsModel

/// Decodes a node into a `Decodable` type; a mismatch is reported at the line and column where it stands.
///
/// For documents that people write, prefer ``YAMLMapping``: it reports every problem, where a decoder stops at the first.
public struct YAMLDecoder: Sendable {
    /// A decoder without options.
    public init() {}

    /// Decodes `node`, whose marks refer to `file`.
    public func decode<Value: Decodable>(
        _ type: Value.Type,
        from node: YAMLNode,
        file: String = "document"
    ) throws(YAMLError) -> Value {
        do {
            return try node.json.decoded(as: type)
        } catch let error as DecodingError {
            throw YAMLError(.invalid, [problem(error, node, file)])
        } catch {
            throw YAMLError(.invalid, [Problem(file: file, message: "cannot be read: \(error)")])
        }
    }

    private func problem(_ error: DecodingError, _ node: YAMLNode, _ file: String) -> Problem {
        let (path, message) = Self.explain(error)
        let mark = node.descend(path).mark
        return Problem(file: file, line: mark.line, column: mark.column, message: message)
    }

    private static func explain(_ error: DecodingError) -> (path: [any CodingKey], message: String) {
        switch error {
        case .keyNotFound(let key, let context): (context.codingPath, "'\(key.stringValue)' is missing")
        case .typeMismatch(let type, let context): (context.codingPath, "expected \(type)")
        case .valueNotFound(let type, let context): (context.codingPath, "expected \(type), found nothing")
        case .dataCorrupted(let context): (context.codingPath, context.debugDescription)
        @unknown default: ([], "cannot be read")
        }
    }
}

extension YAMLNode {
    /// The node at the end of a coding path, or the last one on the way that exists.
    fileprivate func descend(_ path: [any CodingKey]) -> YAMLNode {
        var node = self
        for key in path {
            let next = key.intValue.flatMap { index in
                node.sequence.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            }
            guard let found = next ?? node[key.stringValue] else { return node }
            node = found
        }
        return node
    }
}
