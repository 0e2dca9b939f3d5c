package formats

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"time"
)

// WriteQTI writes items as a package of QTI 2.1: a ZIP file with a manifest and one file an
// item. Tags and categories stand in the manifest, as keywords and as a classification.
// The same items give the same bytes.
func WriteQTI(items []Item) ([]byte, []Warning, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	var warnings []Warning
	var resources strings.Builder
	taken := map[string]bool{}
	var files [][2]string
	for n, item := range items {
		w := qtiWriter{label: labelOf(item, n+1)}
		if _, known := moodleNames[item.Type]; !known {
			w.warn(true, "assessment.format.type", "Type", string(item.Type))
			warnings = append(warnings, w.warnings...)
			continue
		}
		id := fmt.Sprintf("item-%04d", n+1)
		if ncName.MatchString(item.Name) && !taken[strings.ToLower(item.Name)] && !strings.HasPrefix(item.Name, "item-") {
			id = item.Name
		}
		taken[strings.ToLower(id)] = true
		href := "items/" + id + ".xml"
		files = append(files, [2]string{href, w.itemXML(id, item)})
		warnings = append(warnings, w.warnings...)
		fmt.Fprintf(&resources, "<resource identifier=\"R-%s\" type=\"imsqti_item_xmlv2p1\" href=\"%s\">\n%s<file href=\"%s\"/>\n</resource>\n", id, href, lom(item), href)
	}
	manifest := "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
		"<manifest xmlns=\"http://www.imsglobal.org/xsd/imscp_v1p1\" xmlns:imsmd=\"http://ltsc.ieee.org/xsd/LOM\" identifier=\"questions\">\n" +
		"<metadata><schema>QTIv2.1 Package</schema><schemaversion>1.0.0</schemaversion></metadata>\n<organizations/>\n<resources>\n" +
		resources.String() + "</resources>\n</manifest>\n"
	for _, file := range append([][2]string{{"imsmanifest.xml", manifest}}, files...) {
		header := &zip.FileHeader{Name: file[0], Method: zip.Deflate, Modified: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}
		f, err := z.CreateHeader(header)
		if err != nil {
			return nil, nil, fmt.Errorf("package of questions: %w", err)
		}
		if _, err := f.Write([]byte(file[1])); err != nil {
			return nil, nil, fmt.Errorf("package of questions: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, nil, fmt.Errorf("package of questions: %w", err)
	}
	return out.Bytes(), warnings, nil
}

// lom is what a manifest says of an item: its tags and its category.
func lom(item Item) string {
	if len(item.Tags) == 0 && item.Category == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString("<metadata><imsmd:lom>")
	if len(item.Tags) > 0 {
		b.WriteString("<imsmd:general>")
		for _, tag := range item.Tags {
			b.WriteString("<imsmd:keyword><imsmd:string>" + xmlEscape.Replace(strings.Map(xmlLetter, tag)) + "</imsmd:string></imsmd:keyword>")
		}
		b.WriteString("</imsmd:general>")
	}
	if item.Category != "" {
		b.WriteString("<imsmd:classification><imsmd:taxonPath>")
		for _, part := range strings.Split(item.Category, "/") {
			b.WriteString("<imsmd:taxon><imsmd:entry><imsmd:string>" + xmlEscape.Replace(strings.Map(xmlLetter, part)) + "</imsmd:string></imsmd:entry></imsmd:taxon>")
		}
		b.WriteString("</imsmd:taxonPath></imsmd:classification>")
	}
	b.WriteString("</imsmd:lom></metadata>\n")
	return b.String()
}
