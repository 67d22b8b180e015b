internal import CYAML

/// Owns one libyaml parser and the bytes it reads.
final class YAMLEventParser {
    /// libyaml keeps pointers into the struct and the input, so neither may move.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) throws(YAMLSyntaxProblem) {
        parser = .allocate(capacity: 1)
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(from: bytes)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else {
            throw YAMLSyntaxProblem(message: "no memory for the YAML parser", mark: .start)
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deinitialize(count: 1)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event, or the place where the text stops being YAML.
    func next() throws(YAMLSyntaxProblem) -> YAMLEvent {
        var raw = yaml_event_t()
        guard yaml_parser_parse(parser, &raw) == 1 else { throw problem() }
        defer { yaml_event_delete(&raw) }
        return Self.event(raw)
    }

    private static func event(_ raw: yaml_event_t) -> YAMLEvent {
        let mark = YAMLMark(line: Int(raw.start_mark.line) + 1, column: Int(raw.start_mark.column) + 1)
        switch raw.type {
        case YAML_STREAM_END_EVENT: return YAMLEvent(kind: .streamEnd, mark: mark)
        case YAML_DOCUMENT_START_EVENT: return YAMLEvent(kind: .documentStart, mark: mark)
        case YAML_DOCUMENT_END_EVENT: return YAMLEvent(kind: .documentEnd, mark: mark)
        case YAML_ALIAS_EVENT: return YAMLEvent(kind: .alias(text(raw.data.alias.anchor)), mark: mark)
        case YAML_SCALAR_EVENT: return scalar(raw, mark)
        case YAML_SEQUENCE_START_EVENT:
            return YAMLEvent(kind: .sequenceStart, mark: mark, anchor: anchor(raw.data.sequence_start.anchor))
        case YAML_SEQUENCE_END_EVENT: return YAMLEvent(kind: .sequenceEnd, mark: mark)
        case YAML_MAPPING_START_EVENT:
            return YAMLEvent(kind: .mappingStart, mark: mark, anchor: anchor(raw.data.mapping_start.anchor))
        case YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .mappingEnd, mark: mark)
        default: return YAMLEvent(kind: .other, mark: mark)
        }
    }

    private static func scalar(_ raw: yaml_event_t, _ mark: YAMLMark) -> YAMLEvent {
        let data = raw.data.scalar
        let bytes = UnsafeBufferPointer(start: data.value, count: Int(data.length))
        let isPlain = data.style == YAML_PLAIN_SCALAR_STYLE && data.tag == nil
        let scalar = YAMLScalar(String(decoding: bytes, as: UTF8.self), isPlain: isPlain)
        return YAMLEvent(kind: .scalar(scalar), mark: mark, anchor: anchor(data.anchor))
    }

    private static func anchor(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String {
        anchor(pointer) ?? ""
    }

    private func problem() -> YAMLSyntaxProblem {
        let raw = parser.pointee
        let mark = raw.problem_mark
        var message = raw.problem.map { String(cString: $0) } ?? "the text is not YAML"
        if let context = raw.context { message += ", " + String(cString: context) }
        return YAMLSyntaxProblem(
            message: message,
            mark: YAMLMark(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
        )
    }
}
