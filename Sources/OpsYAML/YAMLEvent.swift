/// One step of libyaml's parser, its union turned into an enum.
struct YAMLEvent {
    enum Kind {
        case documentStart
        case documentEnd
        case streamEnd
        case alias(String)
        case scalar(YAMLScalar)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
        case other
    }

    var kind: Kind
    var mark: YAMLMark
    var anchor: String?
}

/// Why libyaml could not go on, or why we would not.
struct YAMLSyntaxProblem: Error {
    var message: String
    var mark: YAMLMark
    var hint: String?
}
